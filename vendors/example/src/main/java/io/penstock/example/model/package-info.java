/** What Lumen sends and takes. */
@NullMarked
package io.penstock.example.model;

import org.jspecify.annotations.NullMarked;
