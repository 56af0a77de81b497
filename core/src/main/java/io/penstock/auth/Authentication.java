package io.penstock.auth;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.pipeline.Attempt;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SentCredential;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.request.Plan;
import java.net.URI;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * An operator that adds a fixed credential to every attempt that goes to the origin it was issued for, and to no other:
 * redirects and downloads from other origins never see it. A request may bring another secret.
 *
 * @hidden
 */
@Internal
public final class Authentication extends SubscribingOperator {

    private final CredentialScheme scheme;
    private final @Nullable Secret secret;
    private final URI origin;
    /** The client's own credential. It is the same for every call, so it is checked only once. */
    private volatile @Nullable SentCredential checked;

    /**
     * Creates the operator for a fixed credential.
     *
     * @param secret the client's secret; null if only requests bring one
     * @param origin any URI of the origin that the credential belongs to
     * @throws ApiException INVALID_CONFIGURATION if the secret does not have the form of the scheme
     */
    public Authentication(CredentialScheme scheme, @Nullable Secret secret, URI origin) {
        this.scheme = scheme;
        this.secret = secret;
        this.origin = origin;
        String problem = secret == null ? null : scheme.problemOf(secret);
        if (problem != null) {
            throw ApiException.invalidConfiguration(problem);
        }
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(call, next, actual);
    }

    private void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        SentCredential credential;
        try {
            credential = credentialOf(call.plan());
        } catch (ApiException e) {
            Operators.error(actual, e);
            return;
        }
        if (credential == null) {
            next.subscribe(call, actual);
            return;
        }
        Attempt attempt = Attempt.of(call);
        attempt.authenticated(credential);
        next.subscribe(attempt, actual);
    }

    private @Nullable SentCredential credentialOf(Plan plan) {
        if (plan.anonymous() || !Plan.sameOrigin(plan.uri(), origin)) {
            return null;
        }
        Secret own = plan.settings().credential();
        if (own != null) {
            return scheme.carrying(own, plan);
        }
        Secret usual = secret;
        SentCredential known = checked;
        if (usual == null) {
            return null;
        }
        scheme.checkNoneOf(plan);
        if (known == null) {
            known = scheme.carrying(usual);
            checked = known;
        }
        return known;
    }

    @Override
    public String describe() {
        return scheme.describe(secret == null ? "<of the request>" : secret.hint(scheme.visibleCharacters())) + ", to "
                + Plan.origin(origin) + " only";
    }
}
