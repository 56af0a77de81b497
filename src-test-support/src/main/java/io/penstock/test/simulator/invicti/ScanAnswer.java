package io.penstock.test.simulator.invicti;

/** The response to the start of a scan. The pages differ. */
public enum ScanAnswer {
    /** 201 with the scan (page "s2-launch"). */
    CREATED,
    /** 200 and {@code {"success":true,…}} (page "s1-handle-responses"). */
    SUCCEEDED,
    /** 200 and {@code {"success":false,…}}, without starting a scan: inferred from {@link #SUCCEEDED}. */
    DECLINED
}
