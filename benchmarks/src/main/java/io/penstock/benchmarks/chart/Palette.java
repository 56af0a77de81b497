package io.penstock.benchmarks.chart;

import java.awt.Color;
import java.util.LinkedHashMap;
import java.util.Map;

/** The colours of the contenders in one chart. Penstock has the same one in every chart. */
final class Palette {

    static final String PENSTOCK_NAME = "Penstock";
    static final Color PENSTOCK = new Color(0x00, 0x72, 0xB2);

    private static final Color REST = new Color(0x77, 0x77, 0x77);

    /** Lighter blues for Penstock with other settings than the defaults. */
    private static final Color[] VARIANTS = {new Color(0x56, 0xB4, 0xE9), new Color(0xA6, 0xD3, 0xF2)};

    /** The colours of Okabe and Ito, which colour-blind readers can distinguish, without blues and yellow. */
    private static final Color[] OTHERS = {
        new Color(0xD5, 0x5E, 0x00),
        new Color(0xE6, 0x9F, 0x00),
        new Color(0xCC, 0x79, 0xA7),
        REST,
        new Color(0x00, 0x9E, 0x73),
    };

    private final Map<String, Color> variants = new LinkedHashMap<>();
    private final Map<String, Color> others = new LinkedHashMap<>();

    static boolean isVariant(String name) {
        return name.startsWith(PENSTOCK_NAME + ",");
    }

    /** Returns the colour of a bar that has no others beside it: Penstock's rows differ from the rest. */
    static Color emphasis(String name) {
        return name.startsWith(PENSTOCK_NAME) ? PENSTOCK : REST;
    }

    /** Returns the colour of a contender. The order in which the others are first named sets their colours. */
    Color color(String name) {
        return name.equals(PENSTOCK_NAME)
                ? PENSTOCK
                : isVariant(name) ? next(variants, VARIANTS, name) : next(others, OTHERS, name);
    }

    private static Color next(Map<String, Color> taken, Color[] all, String name) {
        return taken.computeIfAbsent(name, any -> all[taken.size() % all.length]);
    }
}
