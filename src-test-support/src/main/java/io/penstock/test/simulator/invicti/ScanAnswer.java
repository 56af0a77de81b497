package io.penstock.test.simulator.invicti;

/** What the start of a scan is answered with; the pages differ. */
public enum ScanAnswer {
    /** 201 and the scan (page "s2-launch"). */
    CREATED,
    /** 200 and {@code {"success":true,…}} (page "s1-handle-responses"). */
    SUCCEEDED,
    /** 200 and {@code {"success":false,…}}, and no scan is started: inferred from the former. */
    DECLINED
}
