//go:build survival

package worker

import (
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"
)

// Real processes, killed every second or so and by the articles that kill: every
// article is answered once, and the dead letters are those that kill.
//
//	go test -tags survival -run Survival ./worker
func TestSurvivalKilled(t *testing.T) {
	const articles, killers, workers = 5000, 10, 3
	b := newBroker(t)
	c := childConfig(b.server.ClientURL())
	b.create(c)
	ids, dead := b.putWithKillers(articles, killers)

	died := make(chan *exec.Cmd, workers)
	start := func() *exec.Cmd {
		child := exec.CommandContext(t.Context(), os.Args[0])
		child.Env = append(os.Environ(), childURL+"="+c.NATS)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		go func() {
			_ = child.Wait() // it is always killed
			died <- child
		}()
		return child
	}
	alive := map[*exec.Cmd]bool{}
	for range workers {
		alive[start()] = true
	}
	kill := time.NewTicker(700 * time.Millisecond)
	defer kill.Stop()
	look := time.NewTicker(50 * time.Millisecond)
	defer look.Stop()
	byUs, deaths := 0, 0
	begin := time.Now()
	for left := -1; left != 0; {
		select {
		case child := <-died:
			delete(alive, child)
			alive[start()] = true
			deaths++
		case <-kill.C:
			for child := range alive { // any
				_ = child.Process.Signal(syscall.SIGKILL)
				byUs++
				break
			}
		case <-look.C:
			left = b.count("DEPECHE_ARTICLES")
		}
		if time.Since(begin) > 10*time.Minute {
			t.Fatal("not done in 10 minutes")
		}
	}
	for child := range alive {
		_ = child.Process.Signal(syscall.SIGKILL)
	}
	for range alive {
		<-died
	}
	b.exactlyOnce(b.answered(len(ids)), ids)
	b.exactlyOnce(b.deadLetters(ReasonTooManyDeliveries), dead)
	t.Logf("%d articles in %v; %d deaths, %d of them by SIGKILL from outside", articles, time.Since(begin).Round(time.Second), deaths, byUs)
	if byUs < 10 || deaths < byUs+3*killers/2 {
		t.Errorf("%d deaths, %d by us: that tests little", deaths, byUs)
	}
}
