/** The command line: every vendor from a shell, the simulators and the demo. The only package that may block. */
@NullMarked
package io.penstock.cli;

import org.jspecify.annotations.NullMarked;
