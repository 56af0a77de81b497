package io.penstock.auth;

import io.penstock.http.Secret;
import io.penstock.request.ApiRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.BiFunction;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/**
 * How an API exchanges a long-lived secret for a short-lived token, as data.
 *
 * @param description one line for {@code explain}, such as {@code POST v1/auth/token}
 * @param request the request that fetches a token; it is sent without the scheme's credential, and again where an exchange
 *     failed in a way that may pass, or another token is needed
 * @param reader the token in the answer, given the time of the answer; throws an {@link io.penstock.error.ApiException} where
 *     there is none
 * @param renewBefore how long before its end a token is renewed, beside the calls that go on with it; at most half of its
 *     life, and never for {@link Duration#ZERO}
 */
public record TokenExchange(
        String description,
        Function<Secret, ApiRequest<JsonNode>> request,
        BiFunction<JsonNode, Instant, AccessToken> reader,
        Duration renewBefore) {}
