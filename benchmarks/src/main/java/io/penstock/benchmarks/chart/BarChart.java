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

/** Groups of bars, in each group one bar for each contender, with the value above it. */
public final class BarChart {

    private final String title;
    private final DefaultCategoryDataset bars = new DefaultCategoryDataset();
    private final BarRenderer renderer = new BarRenderer();
    private final CategoryPlot plot;

    /** An empty chart; {@code yTitle} says what the bars count, with its unit. */
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

    /** How the values above the bars are written, as {@link DecimalFormat} has it: "0.00" unless given. */
    public BarChart numbers(String pattern) {
        DecimalFormat format = new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT));
        renderer.setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format));
        return this;
    }

    /** Lets the bars lie, so that there is room for long names of groups. */
    public BarChart lying() {
        plot.setOrientation(PlotOrientation.HORIZONTAL);
        return this;
    }

    /** Adds a bar; contenders and groups stand, and are coloured, in the order in which they are first named. */
    public BarChart bar(String contender, String group, double value) {
        bars.addValue(value, contender, group);
        int index = bars.getRowIndex(contender);
        renderer.setSeriesPaint(index, Look.color(index));
        return this;
    }

    /** Writes the picture. */
    public void write(Path svg) throws IOException {
        SvgFile.write(Look.chart(title, plot), svg);
    }
}
