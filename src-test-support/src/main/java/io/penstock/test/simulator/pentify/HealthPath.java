package io.penstock.test.simulator.pentify;

/** The path of the health check. The pages "rate-limits" and "guides/integrating-an-agent" differ. */
public enum HealthPath {
    /** {@code /healthz} only. */
    ROOT("/healthz"),
    /** {@code /v1/healthz} only. */
    UNDER_V1("/v1/healthz"),
    /** Both paths. */
    BOTH("");

    private final String path;

    HealthPath(String path) {
        this.path = path;
    }

    boolean serves(String requested) {
        return this == BOTH ? requested.equals(ROOT.path) || requested.equals(UNDER_V1.path) : requested.equals(path);
    }
}
