/** Tests of the charts: what can be read from a picture. */
package io.penstock.benchmarks.chart;
