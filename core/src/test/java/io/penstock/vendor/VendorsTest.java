package io.penstock.vendor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.penstock.ErrorKind;
import java.net.URI;
import org.junit.jupiter.api.Test;

class VendorsTest {

    @Test
    void coreKnowsNoVendor() {
        assertThat(Vendors.all()).isEmpty();
    }

    @Test
    void anUnknownIdIsRefused() {
        assertThatThrownBy(() -> Vendors.byId("acme"))
                .matches(ErrorKind.INVALID_CONFIGURATION)
                .hasMessageStartingWith("vendor: acme (expected one of: ");
    }

    @Test
    void aKeyPlacementSaysWhere() {
        assertThat(KeyPlacement.header("idempotency-key")).hasToString("header idempotency-key");
        assertThat(KeyPlacement.bodyMember("key", "scans", "/packs"))
                .hasToString("body member key of POST scans, POST /packs");
    }

    @Test
    void aSpecShowsItsIdAndAddress() {
        assertThat(VendorSpec.generic("acme", URI.create("https://api.example.com")))
                .hasToString("VendorSpec[acme, https://api.example.com]");
    }
}
