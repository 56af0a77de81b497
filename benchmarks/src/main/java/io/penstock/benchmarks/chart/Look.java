package io.penstock.benchmarks.chart;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Stroke;
import java.util.Locale;
import org.jfree.chart.JFreeChart;
import org.jfree.chart.axis.NumberAxis;
import org.jfree.chart.block.BlockBorder;
import org.jfree.chart.plot.Plot;
import org.jfree.chart.title.LegendTitle;
import org.jfree.chart.ui.RectangleInsets;

/**
 * The common style of all charts. They have a white background of their own, so that they are readable on a dark page
 * too.
 */
final class Look {

    static final Font SMALL = new Font(Font.SANS_SERIF, Font.PLAIN, 11);
    static final Color INK = new Color(0x22, 0x2B, 0x33);
    static final Color GRID = new Color(0xDD, 0xE1, 0xE4);
    static final Stroke GRID_STROKE = new BasicStroke(1);

    private static final Font PLAIN = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    private static final Font TITLE = new Font(Font.SANS_SERIF, Font.BOLD, 15);
    private static final double MARGIN = 14;

    private Look() {}

    /** Returns a chart with its title and, if asked for, the plot's legend below it. */
    static JFreeChart chart(String title, Plot plot, boolean withLegend) {
        plot.setBackgroundPaint(Color.WHITE);
        plot.setOutlineVisible(false);
        JFreeChart chart = new JFreeChart(title, TITLE, plot, withLegend);
        chart.setBackgroundPaint(Color.WHITE);
        chart.setPadding(new RectangleInsets(MARGIN, MARGIN, MARGIN, MARGIN));
        chart.getTitle().setPaint(INK);
        if (withLegend) {
            LegendTitle legend = chart.getLegend();
            legend.setItemFont(SMALL);
            legend.setItemPaint(INK);
            legend.setFrame(BlockBorder.NONE);
            legend.setItemLabelPadding(new RectangleInsets(2, 4, 2, MARGIN));
        }
        return chart;
    }

    static NumberAxis numbers(String label) {
        NumberAxis axis = new NumberAxis(label);
        axis.setStandardTickUnits(NumberAxis.createStandardTickUnits(Locale.ROOT));
        axis.setLabelFont(PLAIN);
        axis.setLabelPaint(INK);
        axis.setTickLabelFont(SMALL);
        axis.setTickLabelPaint(INK);
        axis.setAxisLineVisible(false);
        return axis;
    }
}
