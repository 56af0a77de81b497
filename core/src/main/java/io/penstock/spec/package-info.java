/** The plug-in interface for an API: a declarative spec, found by the service loader. */
@NullMarked
package io.penstock.spec;

import org.jspecify.annotations.NullMarked;
