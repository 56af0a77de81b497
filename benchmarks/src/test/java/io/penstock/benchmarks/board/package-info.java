/** Tests of the board's pages: what they say follows from the results alone. */
package io.penstock.benchmarks.board;
