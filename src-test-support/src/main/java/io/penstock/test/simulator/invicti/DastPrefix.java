package io.penstock.test.simulator.invicti;

import org.jspecify.annotations.Nullable;

/** The path prefix of targets, scans and reports. The pages "s1-authenticate" and "s2-launch" differ. */
public enum DastPrefix {
    /** Under {@code /api/v1} only. */
    V1,
    /** Under {@code /api/1.0} only. */
    ONE_ZERO,
    /** Under both. */
    BOTH;

    private static final String PATH_V1 = "/api/v1";
    private static final String PATH_ONE_ZERO = "/api/1.0";

    /** Returns the equivalent path under {@code /api/v1}; {@code null} if the prefix is not served. */
    @Nullable
    String canonical(String path) {
        if (path.startsWith(PATH_ONE_ZERO + "/")) {
            return this == V1 ? null : PATH_V1 + path.substring(PATH_ONE_ZERO.length());
        }
        return this == ONE_ZERO && path.startsWith(PATH_V1 + "/") ? null : path;
    }

    /** Returns the server's own form of a path under {@code /api/v1}. */
    String external(String path) {
        return this == ONE_ZERO && path.startsWith(PATH_V1 + "/")
                ? PATH_ONE_ZERO + path.substring(PATH_V1.length())
                : path;
    }
}
