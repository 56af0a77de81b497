package io.penstock.benchmarks.chart;

import java.awt.Color;
import java.awt.Paint;
import java.io.IOException;
import java.nio.file.Path;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jfree.chart.axis.CategoryAxis;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.labels.ItemLabelAnchor;
import org.jfree.chart.labels.ItemLabelPosition;
import org.jfree.chart.labels.StandardCategoryItemLabelGenerator;
import org.jfree.chart.plot.CategoryPlot;
import org.jfree.chart.plot.CombinedDomainCategoryPlot;
import org.jfree.chart.plot.PlotOrientation;
import org.jfree.chart.renderer.category.BarRenderer;
import org.jfree.chart.renderer.category.StandardBarPainter;
import org.jfree.chart.ui.TextAnchor;
import org.jfree.data.category.CategoryDataset;
import org.jfree.data.category.DefaultCategoryDataset;
import org.jspecify.annotations.Nullable;

/**
 * A chart of horizontal bars with their values. Each figure has a panel with a scale of its own; all panels have the
 * same groups of bars. A few bars that are much longer than the others are cut off, so that they do not hide the scale.
 */
public final class BarChart {

    /** Bars are cut off if they exceed the longest other bar by more than this factor. */
    private static final double MUCH_LONGER = 3;

    /** At most one of this number of bars is cut off. */
    private static final int BARS_PER_CUT = 5;

    private static final int HEIGHT = 120;
    private static final int HEIGHT_OF_BAR = 18;
    private static final int GAP = 36;

    /** The room for the value of the longest bar, as a share of a panel that takes the whole width. */
    private static final double ROOM = 0.1;

    private final String title;
    private final Palette palette = new Palette();
    private final List<Panel> panels = new ArrayList<>();

    /** Creates an empty chart. */
    public BarChart(String title) {
        this.title = title;
    }

    /** Adds a panel for the next bars; {@code pattern} is the {@link DecimalFormat} pattern of their values. */
    public BarChart figure(String name, String pattern) {
        panels.add(new Panel(name, new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT))));
        return this;
    }

    /** Adds the only bar of a group. A NaN leaves its place empty. */
    public BarChart bar(String group, double value) {
        return bar("", group, value);
    }

    /** Adds a bar of a group with one bar for each contender. A NaN leaves its place empty. */
    public BarChart bar(String contender, String group, double value) {
        panels.get(panels.size() - 1).bars.addValue(Double.isNaN(value) ? null : value, contender, group);
        return this;
    }

    /** Writes the chart as SVG. */
    public void write(Path svg) throws IOException {
        CombinedDomainCategoryPlot all = new CombinedDomainCategoryPlot(groups());
        all.setGap(GAP);
        for (int i = 0; i < panels.size(); i++) {
            all.add(panels.get(i).plot(i == 0));
        }
        all.setOrientation(PlotOrientation.HORIZONTAL);
        DefaultCategoryDataset bars = panels.get(0).bars;
        int height = HEIGHT + HEIGHT_OF_BAR * bars.getColumnCount() * (bars.getRowCount() + 1);
        SvgFile.write(Look.chart(title, all, bars.getRowCount() > 1), height, svg);
    }

    private static CategoryAxis groups() {
        CategoryAxis axis = new CategoryAxis();
        axis.setTickLabelFont(Look.SMALL);
        axis.setTickLabelPaint(Look.INK);
        axis.setMaximumCategoryLabelWidthRatio(1);
        axis.setLowerMargin(0.01);
        axis.setUpperMargin(0.01);
        return axis;
    }

    private final class Panel extends BarRenderer {

        private static final long serialVersionUID = 1;

        private final String name;
        private final DefaultCategoryDataset bars = new DefaultCategoryDataset();
        private double longest = 1;

        Panel(String name, DecimalFormat format) {
            this.name = name;
            setBarPainter(new StandardBarPainter());
            setShadowVisible(false);
            setItemMargin(0.05);
            setDefaultItemLabelsVisible(true);
            setDefaultItemLabelFont(Look.SMALL);
            setDefaultItemLabelGenerator(new StandardCategoryItemLabelGenerator("{2}", format) {
                @Override
                public String generateLabel(CategoryDataset data, int row, int column) {
                    return super.generateLabel(data, row, column) + (isCut(row, column) ? ", cut off" : "");
                }
            });
        }

        CategoryPlot plot(boolean withLegend) {
            double[] sorted = IntStream.range(0, bars.getRowCount() * bars.getColumnCount())
                    .mapToObj(i -> bars.getValue(i % bars.getRowCount(), i / bars.getRowCount()))
                    .mapToDouble(value -> value == null ? 0 : value.doubleValue())
                    .filter(value -> value > 0)
                    .sorted()
                    .toArray();
            longest = longest(sorted);
            for (int row = 0; row < bars.getRowCount(); row++) {
                setSeriesPaint(row, palette.color((String) bars.getRowKey(row)));
            }
            setDefaultSeriesVisibleInLegend(withLegend);
            NumberAxis axis = Look.numbers(name);
            axis.setRange(0, longest * (1 + ROOM * panels.size()));
            CategoryPlot plot = new CategoryPlot(bars, null, axis, this);
            plot.setBackgroundPaint(Color.WHITE);
            plot.setOutlineVisible(false);
            plot.setRangeGridlinePaint(Look.GRID);
            plot.setRangeGridlineStroke(Look.GRID_STROKE);
            return plot;
        }

        private boolean isCut(int row, int column) {
            @Nullable Number value = bars.getValue(row, column);
            return value != null && value.doubleValue() > longest;
        }

        @Override
        public Paint getItemPaint(int row, int column) {
            return bars.getRowCount() > 1
                    ? super.getItemPaint(row, column)
                    : Palette.emphasis((String) bars.getColumnKey(column));
        }

        @Override
        public Paint getItemLabelPaint(int row, int column) {
            return isCut(row, column) ? Color.WHITE : Look.INK;
        }

        @Override
        public ItemLabelPosition getPositiveItemLabelPosition(int row, int column) {
            return isCut(row, column)
                    ? new ItemLabelPosition(ItemLabelAnchor.INSIDE3, TextAnchor.CENTER_RIGHT)
                    : new ItemLabelPosition(ItemLabelAnchor.OUTSIDE3, TextAnchor.CENTER_LEFT);
        }
    }

    /** Returns the length of the longest bar that is not cut off, given all lengths above zero. */
    private static double longest(double[] sorted) {
        int bars = sorted.length;
        for (int cut = bars / BARS_PER_CUT; cut > 0; cut--) {
            double next = sorted[bars - cut - 1];
            if (sorted[bars - cut] > MUCH_LONGER * next) {
                return next;
            }
        }
        return bars == 0 ? 1 : sorted[bars - 1];
    }
}
