package io.penstock.auth;

import io.penstock.Secret;
import io.penstock.pipeline.Call;
import io.penstock.pipeline.Exchange;
import io.penstock.pipeline.Operator;
import io.penstock.pipeline.Plan;
import io.penstock.pipeline.Reply;
import java.net.URI;
import reactor.core.publisher.Mono;

/**
 * Puts the credential on every attempt that goes to the origin it was issued for, and on no other: a redirect or a
 * foreign download never sees it.
 */
public final class Authentication implements Operator {

    private final CredentialScheme scheme;
    private final Secret secret;
    private final URI origin;
    private final String headerValue;

    /**
     * A fixed credential.
     *
     * @param origin any URI of the origin that the credential belongs to
     */
    public Authentication(CredentialScheme scheme, Secret secret, URI origin) {
        this.scheme = scheme;
        this.secret = secret;
        this.origin = origin;
        this.headerValue = scheme.prefix() + secret.reveal();
    }

    @Override
    public Mono<Reply> apply(Call call, Exchange next) {
        if (!call.plan().anonymous() && Plan.sameOrigin(call.plan().uri(), origin)) {
            call.header(scheme.header(), headerValue);
        }
        return next.exchange(call);
    }

    @Override
    public String describe() {
        return scheme.header() + ": " + scheme.prefix() + secret.hint(scheme.visibleCharacters()) + ", to "
                + Plan.origin(origin) + " only";
    }
}
