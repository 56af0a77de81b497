/** The Lumen API, which does not exist: the worked example of how a vendor module is written. */
@NullMarked
package io.penstock.example;

import org.jspecify.annotations.NullMarked;
