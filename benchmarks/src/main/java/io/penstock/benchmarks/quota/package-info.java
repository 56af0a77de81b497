/** How much of a quota clients use, and how often they are refused, against servers that count in different ways. */
@NullMarked
package io.penstock.benchmarks.quota;

import org.jspecify.annotations.NullMarked;
