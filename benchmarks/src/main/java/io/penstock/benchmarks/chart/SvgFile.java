package io.penstock.benchmarks.chart;

import de.erichseifert.vectorgraphics2d.VectorGraphics2D;
import de.erichseifert.vectorgraphics2d.svg.SVGProcessor;
import de.erichseifert.vectorgraphics2d.util.PageSize;
import java.awt.geom.Rectangle2D;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.text.TextUtils;

/** A writer of charts as SVG files. The same data gives the same file, with no more digits than necessary. */
final class SvgFile {

    private static final int WIDTH = 960;

    private static final Pattern LONG_NUMBER = Pattern.compile("-?\\d+\\.\\d{3,}(E-?\\d+)?");

    /** Clip names, which come from identity hash codes and differ in each run. */
    private static final Pattern CLIP = Pattern.compile("clip-?\\d+");

    static {
        // The workaround draws the rotated title of an axis as outlines of its letters instead of text.
        TextUtils.setUseDrawRotatedStringWorkaround(false);
    }

    private SvgFile() {}

    static void write(JFreeChart chart, int height, Path file) throws IOException {
        Rectangle2D page = new Rectangle2D.Double(0, 0, WIDTH, height);
        VectorGraphics2D graphics = new VectorGraphics2D();
        chart.draw(graphics, page);
        ByteArrayOutputStream svg = new ByteArrayOutputStream();
        new SVGProcessor()
                .getDocument(graphics.getCommands(), new PageSize(page))
                .writeTo(svg);
        Files.writeString(file, tidy(svg.toString(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
    }

    private static String tidy(String svg) {
        Map<String, String> clips = new LinkedHashMap<>();
        String named = CLIP.matcher(svg)
                .replaceAll(match -> clips.computeIfAbsent(match.group(), any -> "area" + clips.size()));
        return LONG_NUMBER.matcher(named).replaceAll(SvgFile::rounded);
    }

    /** Returns the number rounded to a hundredth of a pixel, which is finer than visible. */
    private static String rounded(MatchResult number) {
        return new BigDecimal(number.group())
                .setScale(2, RoundingMode.HALF_EVEN)
                .stripTrailingZeros()
                .toPlainString();
    }
}
