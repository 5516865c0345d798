import type { Child } from 'hono/jsx';

/** What was wrong with a form as it was sent: shown above it and at the field. */
export interface FormError {
  readonly field: string | undefined;
  readonly words: string;
  /** When somebody was faster: what is saved now, said at each field that would change it. */
  readonly saved?: { readonly values: Values; readonly say: (value: string) => string };
}

/** What a form holds, by the names of its fields; a list where several may be ticked. */
export type Values = Readonly<Record<string, string | readonly string[]>>;

interface FieldProps {
  readonly name: string;
  readonly label: string;
  readonly hint?: Child;
  readonly error?: FormError | null | undefined;
  readonly required?: boolean;
  /** The label is for screen readers only: what stands around says it to the eye. */
  readonly quiet?: boolean;
}

/** The id of a named field; names like "options.2.pl" keep their dots out of selectors. */
export const fieldId = (name: string) => `f-${name.replaceAll('.', '-')}`;

/** What is said at a field: what is wrong with it, or what is saved there when it holds something else. */
function noteAt({
  name,
  error,
  value,
  options,
}: FieldProps & { value?: Value | null | undefined; options?: readonly Choice[] }) {
  if (error?.field === name) return error.words;
  const saved = error?.saved?.values[name];
  if (saved === undefined || sameValues(saved, value ?? '')) return null;
  const labels = listed(saved).map((one) => options?.find((o) => o.value === one)?.label ?? one);
  return error?.saved?.say(labels.join(', ')) ?? null;
}

type Value = Values[string];

const listed = (value: Value) => [value].flat().filter((one) => one !== '');

function sameValues(a: Value, b: Value): boolean {
  return JSON.stringify(listed(a).sort()) === JSON.stringify(listed(b).sort());
}

const Wrapped = (props: Parameters<typeof noteAt>[0] & { children: Child }) => {
  const { name, label, hint, quiet, children } = props;
  const wrong = noteAt(props);
  return (
    <div class="ds-field">
      <label class={quiet ? 'ds-sr-only' : 'ds-label'} for={fieldId(name)}>
        {label}
      </label>
      {hint && (
        <div data-field="description" id={`${fieldId(name)}-hint`}>
          {hint}
        </div>
      )}
      {children}
      {wrong && (
        <p class="ds-validation-message" data-color="danger" id={`${fieldId(name)}-error`}>
          {wrong}
        </p>
      )}
    </div>
  );
};

function described(props: Parameters<typeof noteAt>[0]) {
  const { name, hint } = props;
  const wrong = noteAt(props) !== null;
  const ids = [hint && `${fieldId(name)}-hint`, wrong && `${fieldId(name)}-error`].filter(Boolean).join(' ');
  return { 'aria-describedby': ids || undefined, 'aria-invalid': wrong ? 'true' : undefined } as const;
}

export interface TextFieldProps extends FieldProps {
  readonly value?: string | null | undefined;
  readonly type?: 'text' | 'email' | 'url' | 'search' | 'number' | 'time' | 'datetime-local' | 'date';
  readonly max?: number;
  readonly min?: number;
  readonly maxlength?: number;
  readonly placeholder?: string;
  readonly lang?: string;
  readonly autocomplete?: string;
  readonly list?: string;
}

export const TextField = (props: TextFieldProps) => (
  <Wrapped {...props}>
    <input
      class="ds-input"
      id={fieldId(props.name)}
      name={props.name}
      type={props.type ?? 'text'}
      value={props.value ?? ''}
      required={props.required}
      min={props.min}
      max={props.max}
      maxlength={props.maxlength}
      placeholder={props.placeholder}
      lang={props.lang}
      autocomplete={props.autocomplete ?? 'off'}
      list={props.list}
      {...described(props)}
    />
  </Wrapped>
);

export const TextArea = (props: FieldProps & { value?: string | null; rows?: number; lang?: string }) => (
  <Wrapped {...props}>
    <textarea
      class="ds-input"
      id={fieldId(props.name)}
      name={props.name}
      rows={props.rows ?? 4}
      required={props.required}
      lang={props.lang}
      {...described(props)}
    >
      {props.value ?? ''}
    </textarea>
  </Wrapped>
);

export interface Choice {
  readonly value: string;
  readonly label: string;
}

export const Select = (
  props: FieldProps & { value?: string | null | undefined; options: readonly Choice[] },
) => (
  <Wrapped {...props}>
    <select class="ds-input" id={fieldId(props.name)} name={props.name} {...described(props)}>
      {props.options.map((option) => (
        <option value={option.value} selected={option.value === (props.value ?? '')}>
          {option.label}
        </option>
      ))}
    </select>
  </Wrapped>
);

export const FileField = (props: FieldProps & { accept?: string }) => (
  <Wrapped {...props}>
    <input
      class="ds-input"
      id={fieldId(props.name)}
      name={props.name}
      type="file"
      accept={props.accept}
      {...described(props)}
    />
  </Wrapped>
);

export const Check = (props: {
  name: string;
  value?: string;
  label: Child;
  hint?: Child;
  checked?: boolean;
  type?: 'checkbox' | 'radio';
}) => {
  const own = props.value === undefined ? '' : `-${props.value.replaceAll(/[^\w-]/g, '_')}`;
  const id = `${fieldId(props.name)}${own}`;
  return (
    <div class="ds-field">
      <input
        class="ds-input"
        id={id}
        type={props.type ?? 'checkbox'}
        name={props.name}
        value={props.value ?? 'on'}
        checked={props.checked}
        aria-describedby={props.hint ? `${id}-hint` : undefined}
      />
      <label class="ds-label" for={id}>
        {props.label}
      </label>
      {props.hint && (
        <div data-field="description" id={`${id}-hint`}>
          {props.hint}
        </div>
      )}
    </div>
  );
};

export const Group = ({ legend, one, children }: { legend: string; one?: boolean; children: Child }) => (
  <fieldset class="group">
    <legend class="ds-label" data-weight="medium">
      {legend}
    </legend>
    <div class={one ? 'group-items one' : 'group-items'}>{children}</div>
  </fieldset>
);

/** Choices under one name: one of them (radio), or any. */
export const Choices = (
  props: Omit<FieldProps, 'hint' | 'quiet' | 'required'> & {
    type: 'checkbox' | 'radio';
    value: readonly string[];
    options: readonly (Choice & { hint?: string })[];
  },
) => {
  const { name, label, type, value, options } = props;
  const wrong = noteAt(props);
  return (
    <fieldset class="group" id={fieldId(name)} tabindex={-1} {...described(props)}>
      <legend class="ds-label" data-weight="medium">
        {label}
      </legend>
      <div class="group-items one">
        {options.map((option) => (
          <Check type={type} name={name} checked={value.includes(option.value)} {...option} />
        ))}
      </div>
      {wrong && (
        <p class="ds-validation-message" data-color="danger" id={`${fieldId(name)}-error`}>
          {wrong}
        </p>
      )}
    </fieldset>
  );
};

/** Said above a form that was not taken, with the way to the field. */
export const ErrorNote = ({ error }: { error?: FormError | null | undefined }) =>
  error ? (
    <div class="ds-alert" data-color="danger" role="alert" tabindex={-1} id="form-error">
      {error.field ? <a href={`#${fieldId(error.field)}`}>{error.words}</a> : error.words}
    </div>
  ) : null;

export const Hidden = ({ entries }: { entries: readonly (readonly [string, string])[] }) => (
  <>
    {entries.map(([name, value]) => (
      <input type="hidden" name={name} value={value} />
    ))}
  </>
);
