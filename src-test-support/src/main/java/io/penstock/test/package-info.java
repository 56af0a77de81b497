/**
 * Test support for users of Penstock: a scripted transport for virtual-time tests, a log capture, a leak check for
 * buffers, and the conformance kit for vendor modules.
 */
@NullMarked
package io.penstock.test;

import org.jspecify.annotations.NullMarked;
