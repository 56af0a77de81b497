/** Pictures of figures, written as SVG beside the page that shows them. */
@NullMarked
package io.penstock.benchmarks.chart;

import org.jspecify.annotations.NullMarked;
