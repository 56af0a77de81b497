/** Request bodies: bytes that are encoded once, or files and streams that are read while they are sent. */
@NullMarked
package io.penstock.upload;

import org.jspecify.annotations.NullMarked;
