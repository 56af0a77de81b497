/** Test doubles for users of Penstock: a scripted wire for virtual-time tests, and a watch for leaked buffers. */
@NullMarked
package io.penstock.test;

import org.jspecify.annotations.NullMarked;
