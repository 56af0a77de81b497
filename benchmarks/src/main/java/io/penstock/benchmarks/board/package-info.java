/** All that is measured, one part after the other, and the page that is made of it: {@link io.penstock.benchmarks.board.Board}. */
@NullMarked
package io.penstock.benchmarks.board;

import org.jspecify.annotations.NullMarked;
