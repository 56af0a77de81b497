/** The plug for one API: a declarative spec, found by the service loader. */
@NullMarked
package io.penstock.vendor;

import org.jspecify.annotations.NullMarked;
