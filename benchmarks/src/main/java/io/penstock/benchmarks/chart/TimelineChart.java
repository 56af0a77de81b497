package io.penstock.benchmarks.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import java.nio.file.Path;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.plot.IntervalMarker;
import org.jfree.chart.plot.XYPlot;
import org.jfree.chart.renderer.xy.XYLineAndShapeRenderer;
import org.jfree.chart.ui.Layer;
import org.jfree.chart.ui.RectangleAnchor;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.xy.XYSeries;
import org.jfree.data.xy.XYSeriesCollection;

/** A chart of rates over time, with a line for each contender and optional shaded intervals. */
public final class TimelineChart {

    private static final Color SHADE = new Color(0xFB, 0xE9, 0xE4);
    private static final BasicStroke LINE = new BasicStroke(1.8f, BasicStroke.CAP_ROUND, BasicStroke.JOIN_ROUND);

    private final String title;
    private final XYSeriesCollection lines = new XYSeriesCollection();
    private final XYLineAndShapeRenderer renderer = new XYLineAndShapeRenderer(true, false);
    private final XYPlot plot;

    /** Creates an empty chart; {@code yTitle} names the value of the lines and its unit. */
    public TimelineChart(String title, String yTitle) {
        this.title = title;
        NumberAxis time = Look.numbers("time, s");
        NumberAxis rate = Look.numbers(yTitle);
        this.plot = new XYPlot(lines, time, rate, renderer);
        plot.setDomainGridlinePaint(Look.GRID);
        plot.setDomainGridlineStroke(Look.GRID_STROKE);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setRangeGridlineStroke(Look.GRID_STROKE);
        renderer.setDrawSeriesLineAsPath(true);
    }

    /** Shades the interval between two seconds, with a label at its top. */
    public TimelineChart shade(String name, double from, double to) {
        IntervalMarker shade = new IntervalMarker(from, to, SHADE);
        shade.setLabel(name);
        shade.setLabelFont(Look.SMALL);
        shade.setLabelPaint(Look.INK);
        shade.setLabelAnchor(RectangleAnchor.TOP);
        shade.setLabelTextAnchor(TextAnchor.TOP_CENTER);
        shade.setLabelBackgroundColor(SHADE);
        plot.addDomainMarker(shade, Layer.BACKGROUND);
        return this;
    }

    /**
     * Adds a line with one value of {@code y} for each of {@code seconds}. The colours follow the order of the calls.
     */
    public TimelineChart line(String name, double[] seconds, double[] y) {
        int index = lines.getSeriesCount();
        XYSeries line = new XYSeries(name);
        for (int i = 0; i < seconds.length; i++) {
            line.add(seconds[i], y[i]);
        }
        lines.addSeries(line);
        renderer.setSeriesPaint(index, Look.color(index));
        renderer.setSeriesStroke(index, LINE);
        return this;
    }

    /** Writes the chart as SVG. */
    public void write(Path svg) throws IOException {
        SvgFile.write(Look.chart(title, plot), svg);
    }
}
