package io.penstock.auth;

import io.penstock.annotation.Internal;
import io.penstock.error.ApiException;
import io.penstock.http.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Reply;
import io.penstock.pipeline.SubscribingExchange;
import io.penstock.pipeline.SubscribingOperator;
import io.penstock.request.Plan;
import java.net.URI;
import java.util.List;
import org.jspecify.annotations.Nullable;
import reactor.core.CoreSubscriber;
import reactor.core.publisher.Operators;

/**
 * An operator that adds a fixed credential to every attempt that goes to the origin it was issued for, and to no other:
 * redirects and downloads from other origins never see it.
 *
 * @hidden
 */
@Internal
public final class Authentication extends SubscribingOperator {

    private final CredentialScheme scheme;
    private final Secret secret;
    private final URI origin;
    /**
     * The names and checked values of the headers. They are the same for every call, so they are checked only once.
     */
    private volatile @Nullable List<String> header;

    /**
     * Creates the operator for a fixed credential.
     *
     * @param origin any URI of the origin that the credential belongs to
     * @throws ApiException INVALID_CONFIGURATION if the secret does not have the form of the scheme
     */
    public Authentication(CredentialScheme scheme, Secret secret, URI origin) {
        this.scheme = scheme;
        this.secret = secret;
        this.origin = origin;
        String problem = scheme.problemOf(secret);
        if (problem != null) {
            throw ApiException.invalidConfiguration(problem);
        }
    }

    @Override
    public Exchange around(Exchange next) {
        return (SubscribingExchange) (call, actual) -> subscribe(call, next, actual);
    }

    private void subscribe(Call call, Exchange next, CoreSubscriber<? super Reply> actual) {
        try {
            authenticate(call);
        } catch (ApiException e) {
            Operators.error(actual, e);
            return;
        }
        next.subscribe(call, actual);
    }

    private void authenticate(Call call) {
        if (call.plan().anonymous() || !Plan.sameOrigin(call.plan().uri(), origin)) {
            return;
        }
        List<String> checked = header;
        if (checked == null) {
            checked = scheme.pairWith(secret);
            header = checked;
        }
        call.sharedHeader(checked);
    }

    @Override
    public String describe() {
        return scheme.describe(secret.hint(scheme.visibleCharacters())) + ", to " + Plan.origin(origin) + " only";
    }
}
