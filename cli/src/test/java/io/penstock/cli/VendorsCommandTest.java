package io.penstock.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.penstock.spec.Vendors;
import org.junit.jupiter.api.Test;

class VendorsCommandTest {

    @Test
    void listsEveryVendorWithAddressAuthenticationAndLimits() {
        Run run = Run.of("vendors");

        assertThat(run.code()).isZero();
        assertThat(run.err()).isEmpty();
        assertThat(run.out().lines().findFirst().orElse("")).startsWith("ID").contains("BASE URI", "LIMITS");
        assertThat(run.out()).contains("https://api.pentify.io/v1", "Bearer <secret>", "60 per 60 s");
        Vendors.all().forEach(vendor -> assertThat(run.out()).contains("\n" + vendor.id() + " "));
    }
}
