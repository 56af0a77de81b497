/** The command line: every vendor from a shell, the simulators, the demo. The only room that may block. */
@NullMarked
package io.penstock.cli;

import org.jspecify.annotations.NullMarked;
