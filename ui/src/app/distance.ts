import { getLocale } from '../paraglide/runtime';

/** A length of a scale bar, exactly: "20 m", "500 m", "2 km". */
export function length(metres: number): string {
  const unit = metres < 1000 ? 'meter' : 'kilometer';
  return new Intl.NumberFormat(getLocale(), { style: 'unit', unit }).format(metres < 1000 ? metres : metres / 1000);
}
