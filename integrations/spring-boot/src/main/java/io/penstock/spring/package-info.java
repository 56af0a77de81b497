/** Clients as beans of Spring Boot. */
@NullMarked
package io.penstock.spring;

import org.jspecify.annotations.NullMarked;
