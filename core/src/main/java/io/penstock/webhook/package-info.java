/** What an API sends on its own: whether it really comes from there, what it says, and whether it was heard before. */
@NullMarked
package io.penstock.webhook;

import org.jspecify.annotations.NullMarked;
