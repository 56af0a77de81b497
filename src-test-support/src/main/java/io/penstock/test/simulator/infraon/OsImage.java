package io.penstock.test.simulator.infraon;

import io.penstock.test.simulator.SimulatedResponse;

/** The file of the page "os-image-download". Its content and size are undocumented. */
final class OsImage {

    static final String PATH = "/ux/nccm/os-image/";

    private static final int LENGTH = 256 * 1024;

    private OsImage() {}

    static SimulatedResponse download(InfraonRules rules) {
        return SimulatedResponse.bytes(200, rules.osImageContentType(), content());
    }

    static byte[] content() {
        byte[] content = new byte[LENGTH];
        for (int i = 0; i < LENGTH; i++) {
            content[i] = (byte) (i * 31 + (i >>> 8));
        }
        return content;
    }
}
