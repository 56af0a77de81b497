/** Credentials, bound to the origin they were issued for. */
@NullMarked
package io.penstock.auth;

import org.jspecify.annotations.NullMarked;
