package io.penstock.test;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.ExtendWith;

@Tag("slow")
@ExtendWith(OverHttpClient.class)
class StreamsOverHttpClientTest extends StreamsOverSocketsTest {}
