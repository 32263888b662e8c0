package dev.tiebreak.trainer.lab.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.tiebreak.trainer.base.UserError;
import dev.tiebreak.trainer.lab.config.ConfigBuilder;
import dev.tiebreak.trainer.lab.config.TrainingConfig;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

class ParallelismTest {
  private static final Device GPU = Device.of("cuda");

  private static TrainingConfig training(int threads) {
    return ConfigBuilder.preset("tiny").set("training.threads=" + threads).build().training();
  }

  @Test
  void usuallyAllProcessorsAreBusyAndAGpuTrainsOneModel() {
    int processors = Runtime.getRuntime().availableProcessors();
    assertThat(Parallelism.usual(Device.cpu(), training(1)))
        .isEqualTo(new Parallelism(Device.cpu(), 1, processors));
    assertThat(Parallelism.usual(Device.cpu(), training(processors)).atOnce()).isOne();
    assertThat(Parallelism.usual(Device.cpu(), training(2 * processors)).atOnce()).isOne();
    assertThat(Parallelism.usual(GPU, training(1)).atOnce()).isOne();
  }

  @Test
  void thereIsNoMoreAtOnceThanThereIsToDo() {
    Parallelism four = new Parallelism(Device.cpu(), 1, 4);
    assertThat(four.atMost(3).atOnce()).isEqualTo(3);
    assertThat(four.atMost(9)).isEqualTo(four);
  }

  @Test
  void whatCannotBeIsRefusedWithTheReason() {
    assertThatThrownBy(() -> new Parallelism(Device.cpu(), 1, 0))
        .isInstanceOf(UserError.class)
        .hasMessage("parallel is 0; it must be 1 or more");
    assertThatThrownBy(() -> new Parallelism(GPU, 1, 2))
        .isInstanceOf(UserError.class)
        .hasMessageContaining("one GPU runs one model at a time");
  }

  @Test
  void everythingIsDoneUntilSomethingFails() {
    Set<Integer> done = ConcurrentHashMap.newKeySet();
    new Parallelism(Device.cpu(), 1, 2).forEach(List.of(1, 2, 3), (one, backend) -> done.add(one));
    assertThat(done).containsExactlyInAnyOrder(1, 2, 3);
    Set<Integer> begun = ConcurrentHashMap.newKeySet();
    assertThatThrownBy(() ->
            new Parallelism(Device.cpu(), 1, 1)
                .forEach(
                    List.of(1, 2, 3),
                    (one, backend) -> {
                      begun.add(one);
                      if (one == 2) {
                        throw new UserError("no");
                      }
                    }))
        .hasMessage("no");
    assertThat(begun).containsExactlyInAnyOrder(1, 2);
  }
}
