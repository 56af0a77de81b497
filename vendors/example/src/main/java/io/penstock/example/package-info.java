/** A vendor module for Lumen, an invented API: the worked example of the guide. */
@NullMarked
package io.penstock.example;

import org.jspecify.annotations.NullMarked;
