/** The badge that was opened last: its picture is the one that moves between the list and the badge. */
export const last = $state<{ id: string | undefined }>({ id: undefined });
