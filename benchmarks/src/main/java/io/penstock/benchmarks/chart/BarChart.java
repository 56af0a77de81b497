package io.penstock.benchmarks.chart;

import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.data.category.DefaultCategoryDataset;

/** A chart with groups of bars. Each group has one bar for each contender, with the value above it. */
public final class BarChart {

    private final String title;
    private final DefaultCategoryDataset bars = new DefaultCategoryDataset();
    private final BarRenderer renderer = new BarRenderer();
    private final CategoryPlot plot;

    /** Creates an empty chart; {@code yTitle} names the value of the bars and its unit. */
    public BarChart(String title, String yTitle) {
        this.title = title;
        CategoryAxis groups = Look.groups();
        NumberAxis count = Look.numbers(yTitle);
        this.plot = new CategoryPlot(bars, groups, count, renderer);
        plot.setRangeGridlinePaint(Look.GRID);
        plot.setRangeGridlineStroke(Look.GRID_STROKE);
        renderer.setBarPainter(new StandardBarPainter());
        renderer.setShadowVisible(false);
        renderer.setItemMargin(0.05);
        DecimalFormat twoDigits = new DecimalFormat("0.00", DecimalFormatSymbols.getInstance(Locale.ROOT));
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", twoDigits));
        renderer.setDefaultItemLabelsVisible(true);
        renderer.setDefaultItemLabelFont(Look.SMALL);
        renderer.setDefaultItemLabelPaint(Look.INK);
    }

    /** Sets the {@link DecimalFormat} pattern of the values above the bars. The default is "0.00". */
    public BarChart numbers(String pattern) {
        DecimalFormat format = new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format));
        return this;
    }

    /** Makes the bars horizontal, which leaves room for long group names. */
    public BarChart lying() {
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        return this;
    }

    /** Adds a bar. The order in which contenders and groups are first named sets their positions and colours. */
    public BarChart bar(String contender, String group, double value) {
        bars.addValue(value, contender, group);
        int index = bars.getRowIndex(contender);
        renderer.setSeriesPaint(index, Look.color(index));
        return this;
    }

    /** Writes the chart as SVG. */
    public void write(Path svg) throws IOException {
        SvgFile.write(Look.chart(title, plot), svg);
    }
}
