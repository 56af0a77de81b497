/** Charts of figures, written as SVG for the pages that show them. */
@NullMarked
package io.penstock.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
