package io.penstock.test.simulator.ixon;

import io.penstock.test.simulator.LoggedRequest;
import io.penstock.test.simulator.SimulatedResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * {@code POST /access-tokens} with {@code Basic email:otp:password} (page "ixon-api-authentication-headers"). A
 * one-time password is valid once and for a short time. Undocumented: a login with a one-time password and a
 * {@code trustedDeviceName} exempts later logins with the same {@code Api-Device-Identifier} from the one-time
 * password.
 */
final class Login {

    static final String EMAIL = "user@example.com";
    /** The password, with a colon, which is safe because the password is the last part. */
    static final String PASSWORD = "correct:horse";

    private static final String DEVICES = "/trusted-devices";
    private static final String UUID_PATTERN = "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}";

    private final Cloud cloud;
    private final IxonAccess access;
    private boolean twoFactor;
    private @Nullable String otp;
    private Instant otpEnds = Instant.MIN;

    Login(Cloud cloud) {
        this.cloud = cloud;
        this.access = cloud.rules.access();
    }

    void requireTwoFactor() {
        twoFactor = true;
    }

    String oneTimePassword() {
        String issued = Ids.oneTimePassword();
        otp = issued;
        otpEnds = cloud.now().plus(access.otpLife());
        return issued;
    }

    SimulatedResponse create(Call call) {
        LoggedRequest request = call.request();
        boolean withOtp = authenticate(request);
        ObjectNode body = Json.objectBody(request.body());
        Duration life = life(body.path("expiresIn"));
        Fields fields = Fields.of(request);
        rememberDevice(request, body, withOtp);
        if (withOtp) {
            otp = null;
        }
        Tokens.Token token = cloud.tokens.issue(life);
        cloud.act(call, "CREATE", token.publicId());
        ObjectNode data = Json.reference(token.publicId())
                .put("expiresOn", Json.timestamp(cloud.now().plus(life)));
        if (access.secretWithoutFields() || (fields != null && fields.asksFor("secretId"))) {
            data.put("secretId", token.secret());
        }
        return Envelope.of(call, data);
    }

    private Duration life(JsonNode expiresIn) {
        if (expiresIn.isMissingNode()) {
            return access.tokenLife();
        }
        boolean inRange = expiresIn.isInt()
                && expiresIn.intValue() > 0
                && expiresIn.intValue() <= access.longestTokenLife().toSeconds();
        if (!inRange) {
            throw Refusal.invalid(Refusal.INVALID, "expiresIn");
        }
        return Duration.ofSeconds(expiresIn.intValue());
    }

    /** Checks the credentials and returns whether they have a one-time password. A refused login does not spend it. */
    private boolean authenticate(LoggedRequest request) {
        Authorization authorization = Authorization.of(request.header("authorization"), cloud.rules.errors());
        if (!authorization.isOf("Basic")) {
            throw Refusal.authorization(Refusal.MALFORMED);
        }
        String[] parts = parts(authorization.credentials());
        if (!parts[0].equals(EMAIL) || !parts[2].equals(PASSWORD)) {
            throw Refusal.authorization(Refusal.INVALID);
        }
        if (!twoFactor) {
            return false;
        }
        if (parts[1].isEmpty()) {
            if (isTrusted(request)) {
                return false;
            }
            throw Refusal.twoFactor();
        }
        if (!parts[1].equals(otp) || !cloud.now().isBefore(otpEnds)) {
            throw Refusal.authorization(Refusal.INVALID);
        }
        return true;
    }

    /** Returns e-mail address, one-time password and password. */
    private String[] parts(String credentials) {
        String decoded;
        try {
            decoded = new String(Base64.getDecoder().decode(credentials), StandardCharsets.UTF_8);
        } catch (IllegalArgumentException e) {
            throw Refusal.authorization(Refusal.MALFORMED);
        }
        if (access.twoPartBasic() && decoded.equals(EMAIL + ":" + PASSWORD)) {
            return new String[] {EMAIL, "", PASSWORD};
        }
        String[] parts = decoded.split(":", 3);
        if (access.twoPartBasic() && parts.length == 2) {
            return new String[] {parts[0], "", parts[1]};
        }
        if (parts.length != 3) {
            throw Refusal.authorization(Refusal.MALFORMED);
        }
        return parts;
    }

    private boolean isTrusted(LoggedRequest request) {
        String device = device(request);
        return device != null && cloud.rows.find(DEVICES, device) != null;
    }

    private void rememberDevice(LoggedRequest request, ObjectNode body, boolean withOtp) {
        String name = Json.text(body, "trustedDeviceName");
        String device = device(request);
        if (name != null && device != null && withOtp) {
            cloud.rows.add(DEVICES, device, Json.object().put("name", name));
        }
    }

    private static @Nullable String device(LoggedRequest request) {
        String device = request.header("api-device-identifier");
        if (device != null && !device.matches(UUID_PATTERN)) {
            throw Refusal.invalid(Refusal.MALFORMED, "Api-Device-Identifier");
        }
        return device;
    }
}
