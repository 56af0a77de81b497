/** The records of the requests and responses of Lumen. */
@NullMarked
package io.penstock.example.model;

import org.jspecify.annotations.NullMarked;
