/**
 * Generated card transactions with fraud that changes its habits part-way: what the demonstration feeds through the loop.
 *
 * <p>Start reading at {@link dev.millwright.demo.CardTransactions} and {@link dev.millwright.demo.FraudData}.
 */
@NullMarked
package dev.millwright.demo;

import org.jspecify.annotations.NullMarked;
