// Flow control gates. A gate is a count: open above zero. An AND gate starts at one and each input that is off takes one away; an OR
// gate starts at zero and each input that is on adds one. A change between open and closed goes on to the next gate as an input's.
// Whether AND and OR take turns in a chain is the caller's business, as documented.
#include <ks.h>

namespace {

LONG change(PKSGATE gate, LONG by) { return __atomic_add_fetch(&gate->Count, by, __ATOMIC_SEQ_CST); }

bool open(const KSGATE& gate) { return __atomic_load_n(&gate.Count, __ATOMIC_RELAXED) > 0; }

}  // namespace

extern "C" {

void KsGateTurnInputOn(PKSGATE Gate) {
    while (Gate && change(Gate, +1) == 1) Gate = Gate->NextGate;  // it has just opened
}

void KsGateTurnInputOff(PKSGATE Gate) {
    while (Gate && change(Gate, -1) == 0) Gate = Gate->NextGate;  // it has just closed
}

BOOLEAN KsGateGetStateUnsafe(PKSGATE Gate) { return open(*Gate) ? TRUE : FALSE; }

// Only the step from one to zero is a capture: the gate was open, and whoever took this step has closed it.
BOOLEAN KsGateCaptureThreshold(PKSGATE Gate) {
    LONG expected = 1;
    if (!__atomic_compare_exchange_n(&Gate->Count, &expected, 0, false, __ATOMIC_SEQ_CST, __ATOMIC_SEQ_CST)) return FALSE;
    KsGateTurnInputOff(Gate->NextGate);
    return TRUE;
}

// The next gate gets an input that this gate drives. Its count changes only if the input's first state is one that it counts:
// an OR gate counts inputs that are on, an AND gate those that are off.
void KsGateInitialize(PKSGATE Gate, LONG InitialCount, PKSGATE NextGate, BOOLEAN StateToPropagate) {
    __atomic_store_n(&Gate->Count, InitialCount, __ATOMIC_SEQ_CST);
    Gate->NextGate = NextGate;
    const bool on = InitialCount > 0;
    if (on != (StateToPropagate != FALSE)) return;
    on ? KsGateTurnInputOn(NextGate) : KsGateTurnInputOff(NextGate);
}

void KsGateInitializeAnd(PKSGATE AndGate, PKSGATE NextOrGate) { KsGateInitialize(AndGate, 1, NextOrGate, TRUE); }
void KsGateInitializeOr(PKSGATE OrGate, PKSGATE NextAndGate) { KsGateInitialize(OrGate, 0, NextAndGate, FALSE); }

void KsGateAddOnInputToAnd(PKSGATE) {}
void KsGateAddOffInputToAnd(PKSGATE AndGate) { KsGateTurnInputOff(AndGate); }
void KsGateRemoveOnInputFromAnd(PKSGATE) {}
void KsGateRemoveOffInputFromAnd(PKSGATE AndGate) { KsGateTurnInputOn(AndGate); }

void KsGateAddOnInputToOr(PKSGATE OrGate) { KsGateTurnInputOn(OrGate); }
void KsGateAddOffInputToOr(PKSGATE) {}
void KsGateRemoveOnInputFromOr(PKSGATE OrGate) { KsGateTurnInputOff(OrGate); }
void KsGateRemoveOffInputFromOr(PKSGATE) {}

void KsGateTerminateAnd(PKSGATE AndGate) {
    open(*AndGate) ? KsGateRemoveOnInputFromOr(AndGate->NextGate) : KsGateRemoveOffInputFromOr(AndGate->NextGate);
}

void KsGateTerminateOr(PKSGATE OrGate) {
    open(*OrGate) ? KsGateRemoveOnInputFromAnd(OrGate->NextGate) : KsGateRemoveOffInputFromAnd(OrGate->NextGate);
}

}  // extern "C"
