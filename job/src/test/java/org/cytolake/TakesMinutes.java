package org.cytolake;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** A test that only {@code deploy/bin/verify --full} runs. */
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@EnabledIfSystemProperty(
    named = "cytolake.full",
    matches = "true",
    disabledReason = "takes minutes; deploy/bin/verify --full runs it")
public @interface TakesMinutes {}
