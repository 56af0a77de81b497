package io.penstock.test;

import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.provider.Arguments;

@ExtendWith(OverHttpClient.class)
class FailureMatrixOverHttpClientTest extends FailureMatrixTest {

    static Stream<Arguments> cells() {
        return cellsOfHttp1();
    }
}
