package io.penstock.benchmarks.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.CombinedDomainXYPlot;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;
import org.jspecify.annotations.Nullable;

/** A chart of rates over time. Each figure has a panel with a line for each contender; Penstock's is on top. */
public final class TimelineChart {

    private static final Color SHADE = new Color(0xFB, 0xE9, 0xE4);
    private static final int HEIGHT = 120;
    private static final int HEIGHT_OF_PANEL = 280;

    private final String title;
    private final Palette palette = new Palette();
    private final Map<String, Map<String, XYSeries>> panels = new LinkedHashMap<>();
    private final List<XYPlot> plots = new ArrayList<>();
    private Map<String, XYSeries> panel = Map.of();
    private @Nullable IntervalMarker shade;
    private double end;

    /** Creates an empty chart. */
    public TimelineChart(String title) {
        this.title = title;
    }

    /** Adds a panel for the next lines. */
    public TimelineChart figure(String name) {
        panel = panels.computeIfAbsent(name, any -> new LinkedHashMap<>());
        return this;
    }

    /** Shades the time between two seconds in all panels, with a name at the top of the first. */
    public TimelineChart shade(String name, double from, double to) {
        IntervalMarker marker = new IntervalMarker(from, to, SHADE);
        marker.setLabel(name);
        marker.setLabelFont(Look.SMALL);
        marker.setLabelPaint(Look.INK);
        marker.setLabelAnchor(RectangleAnchor.TOP);
        marker.setLabelTextAnchor(TextAnchor.TOP_CENTER);
        marker.setLabelBackgroundColor(SHADE);
        shade = marker;
        return this;
    }

    /**
     * Adds a contender's rate per second. Each point is in the middle of the time that it counts.
     *
     * @param counts the number of events in each slot of time
     * @param slotSeconds the length of a slot
     * @param slotsPerPoint the number of slots that make one point
     */
    public TimelineChart line(String name, List<Long> counts, double slotSeconds, int slotsPerPoint) {
        XYSeries line = new XYSeries(name);
        double pointSeconds = slotSeconds * slotsPerPoint;
        for (int i = 0; i < counts.size() / slotsPerPoint; i++) {
            long events = counts.subList(i * slotsPerPoint, (i + 1) * slotsPerPoint).stream()
                    .mapToLong(Long::longValue)
                    .sum();
            line.add((i + 0.5) * pointSeconds, events / pointSeconds);
        }
        end = Math.max(end, counts.size() * slotSeconds);
        panel.put(name, line);
        return this;
    }

    /** Writes the chart as SVG. */
    public void write(Path svg) throws IOException {
        NumberAxis time = Look.numbers("time, s");
        time.setRange(0, end);
        CombinedDomainXYPlot all = new CombinedDomainXYPlot(time);
        all.setGap(16);
        panels.forEach((figure, lines) -> plots.add(plot(figure, lines)));
        plots.forEach(all::add);
        SvgFile.write(Look.chart(title, all, true), HEIGHT + HEIGHT_OF_PANEL * panels.size(), svg);
    }

    private XYPlot plot(String figure, Map<String, XYSeries> lines) {
        XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
        renderer.setDrawSeriesLineAsPath(true);
        renderer.setDefaultSeriesVisibleInLegend(plots.isEmpty());
        XYSeriesCollection data = new XYSeriesCollection();
        List<String> names = new ArrayList<>(lines.keySet());
        if (names.remove(Palette.PENSTOCK_NAME)) {
            names.add(0, Palette.PENSTOCK_NAME); // the first line is drawn last
        }
        for (int i = 0; i < names.size(); i++) {
            renderer.setSeriesPaint(i, palette.color(names.get(i)));
            renderer.setSeriesStroke(i, stroke(names.get(i)));
            data.addSeries(lines.get(names.get(i)));
        }
        NumberAxis rate = Look.numbers(figure);
        rate.setUpperMargin(0.12); // for the name of the shade
        XYPlot plot = new XYPlot(data, null, rate, renderer);
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        plot.setDomainGridlinePaint(Look.GRID);
        plot.setDomainGridlineStroke(Look.GRID_STROKE);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setRangeGridlineStroke(Look.GRID_STROKE);
        if (shade != null) {
            plot.addDomainMarker(shade, Layer.BACKGROUND);
        }
        return plot;
    }

    private static BasicStroke stroke(String name) {
        return new BasicStroke(
                name.equals(Palette.PENSTOCK_NAME) ? 2.6f : 1.6f,
                BasicStroke.CAP_ROUND,
                BasicStroke.JOIN_ROUND,
                1,
                Palette.isVariant(name) ? new float[] {5, 4} : null,
                0);
    }
}
