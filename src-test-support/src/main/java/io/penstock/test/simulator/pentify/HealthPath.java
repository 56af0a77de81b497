package io.penstock.test.simulator.pentify;

/** Where the health check is: the page "rate-limits" says one thing, the page "guides/integrating-an-agent" the other. */
public enum HealthPath {
    /** {@code /healthz} only. */
    ROOT("/healthz"),
    /** {@code /v1/healthz} only. */
    UNDER_V1("/v1/healthz"),
    /** Either. */
    BOTH("");

    private final String path;

    HealthPath(String path) {
        this.path = path;
    }

    boolean serves(String requested) {
        return this == BOTH ? requested.equals(ROOT.path) || requested.equals(UNDER_V1.path) : requested.equals(path);
    }
}
