/** The board, which runs all benchmarks and writes their pages: {@link io.penstock.benchmarks.board.Board}. */
@NullMarked
package io.penstock.benchmarks.board;

import org.jspecify.annotations.NullMarked;
