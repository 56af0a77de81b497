/** What a client tells of its calls: log lines that hold no secret. */
@NullMarked
package io.penstock.observe;

import org.jspecify.annotations.NullMarked;
