<?php
namespace OmsBridge;

/** Makes and changes products. */
class ProductWriter
{
    /** Products one call may make. */
    const MOST = 50;
    /** No product is begun later than this in a call: the caller must not lose patience, nor the host end the request. */
    const SECONDS = 10;
    private $bridge;
    private $db;
    private $parts;
    /** The ids of the variants that were written last. */
    private $variants = array();

    public function __construct(Bridge $bridge)
    {
        $this->bridge = $bridge;
        $this->db = $bridge->db;
        $this->parts = new ProductParts($bridge);
    }

    public function create(Call $call)
    {
        $body = $call->json();
        $key = Field::key($body);
        $plan = $this->plan($body);
        $result = $this->bridge->once->run('product_create', $key, $body, 'product:' . $key, function ($note, $begun) use ($plan) {
            return array('product_id' => $this->whole(function () use ($plan, $note, $begun) {
                return $this->insert($plan, $note, $begun);
            }));
        });
        $this->bridge->shop->forgetProducts();
        return new Answer($result);
    }

    /**
     * Makes many, each once by its own key. A repeat with other fields is no other product: the first one gets these fields.
     */
    public function createMany(Call $call)
    {
        $items = Items::of($call, self::MOST);
        $until = microtime(true) + self::SECONDS;
        $answers = array();
        foreach ($items as $i => $item) {
            try {
                if ($i > 0 && microtime(true) > $until) {
                    throw new Refusal(503, 'not_reached', 'There was no time left for this one; send it again.');
                }
                $answers[] = Items::ok($item, $this->made($item));
            } catch (Refusal $refusal) {
                $answers[] = Items::failed($item, $refusal);
            } catch (\Exception $error) {
                $answers[] = Items::failed($item, $this->bridge->broken($error));
            } catch (\Throwable $error) {
                $answers[] = Items::failed($item, $this->bridge->broken($error));
            }
        }
        $this->bridge->shop->forgetProducts();
        return new Answer($answers);
    }

    private function made($item)
    {
        $key = Field::key($item);
        $plan = $this->plan($item);
        $make = function ($note, $begun, $done) use ($plan) {
            // What was made whole may have been sold and hidden since.
            $plan->keeps = $done && $begun !== null && $this->exists($begun);
            $product_id = $this->whole(function () use ($plan, $note, $begun) {
                return $this->insert($plan, $note, $begun);
            });
            return array('product_id' => $product_id) + ($this->variants ? array('variants' => $this->variants) : array());
        };
        return $this->bridge->once->adopt('product_create', $key, $item['product'], 'product:' . $key, $make);
    }

    private function plan($body)
    {
        $plan = new ProductPlan($this->bridge, isset($body['product']) ? $body['product'] : null);
        foreach (array('model', 'names') as $field) {
            if (!$plan->sent($field) || ($field === 'names' && !$plan->names)) {
                throw Refusal::invalid($field, 'missing', 'The field ' . $field . ' is required.');
            }
        }
        return $plan;
    }

    public function update(Call $call)
    {
        $body = $call->json();
        $product_id = Field::number($body, 'product_id', 1);
        if (!$this->exists($product_id)) {
            throw Refusal::notFound('There is no such product.', array('product_id' => $product_id));
        }
        $plan = new ProductPlan($this->bridge, isset($body['product']) ? $body['product'] : null);
        $this->whole(function () use ($plan, $product_id) {
            $this->fill($product_id, $plan);
            return $product_id;
        });
        $this->bridge->shop->forgetProducts();
        $products = new Products($this->bridge);
        return new Answer($products->one($product_id));
    }

    /** In one transaction where the tables have any; MyISAM tables of OpenCart 3 are written step by step. */
    private function whole($work)
    {
        $engine = $this->db->value('SELECT ENGINE FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = ' . $this->db->quote($this->db->prefix() . 'product'));
        return strtolower((string)$engine) === 'innodb' ? $this->db->together($work) : $work();
    }

    private function exists($product_id)
    {
        return $this->db->value('SELECT COUNT(*) FROM ' . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$product_id) > 0;
    }

    private function insert(ProductPlan $plan, $note, $begun)
    {
        if ($begun !== null && $this->exists($begun)) {
            // An earlier request made the row and died; it is filled now instead of made twice.
            $plan->stores = $plan->stores === null ? array(0) : $plan->stores;
            $this->fill($begun, $plan);
            return $begun;
        }
        $values = $this->defaults();
        $values['model'] = $plan->columns['model'];
        $columns = array('`date_added`', '`date_modified`', '`date_available`');
        $sql = array('NOW()', 'NOW()', 'CURDATE()');
        foreach ($values as $column => $value) {
            if ($this->bridge->schema->hasColumn('product', $column)) {
                $columns[] = '`' . $column . '`';
                $sql[] = $this->db->quote((string)$value);
            }
        }
        $this->db->run('INSERT INTO ' . $this->db->table('product') . ' (' . implode(', ', $columns) . ') VALUES (' . implode(', ', $sql) . ')');
        $product_id = $this->db->lastId();
        $note($product_id);
        $plan->stores = $plan->stores === null ? array(0) : $plan->stores;
        $first = reset($plan->languages);
        $fallback = isset($plan->names[$first]) ? $plan->names[$first] : reset($plan->names);
        foreach ($plan->languages as $language_id) {
            $plan->names[$language_id] = isset($plan->names[$language_id]) ? $plan->names[$language_id] : $fallback;
        }
        try {
            $this->fill($product_id, $plan);
        } catch (Refusal $refusal) {
            // MyISAM cannot roll back: a refused product must not stay half made.
            ProductSwitch::erase($this->bridge, array($product_id));
            throw $refusal;
        }
        $this->parts->address($product_id, $fallback, $plan);
        return $product_id;
    }

    private function defaults()
    {
        $settings = new ShopSettings($this->db, array('config_stock_status_id', 'config_weight_class_id', 'config_length_class_id'));
        $values = array_fill_keys(array('sku', 'upc', 'ean', 'jan', 'isbn', 'mpn', 'location', 'variant', 'override', 'image'), '');
        $values += array_fill_keys(array('master_id', 'manufacturer_id', 'points', 'tax_class_id', 'sort_order', 'viewed', 'rating', 'quantity', 'price', 'weight', 'length', 'width', 'height'), '0');
        $values += array_fill_keys(array('shipping', 'subtract', 'minimum', 'status'), '1');
        $values['stock_status_id'] = $settings->number('config_stock_status_id');
        if ($values['stock_status_id'] === null) {
            $values['stock_status_id'] = (int)$this->db->value('SELECT MIN(`stock_status_id`) FROM ' . $this->db->table('stock_status'));
        }
        $values['weight_class_id'] = (int)$settings->number('config_weight_class_id');
        $values['length_class_id'] = (int)$settings->number('config_length_class_id');
        return $values;
    }

    private function fill($product_id, ProductPlan $plan)
    {
        if ($plan->keeps) {
            unset($plan->columns['quantity'], $plan->columns['status']);
        }
        if ($plan->manufacturer !== null) {
            $plan->columns['manufacturer_id'] = $this->parts->manufacturer($plan->manufacturer);
        }
        if ($plan->options !== null) {
            $options = new OptionParts($this->bridge);
            $price = isset($plan->columns['price']) ? $plan->columns['price'] : $this->db->value('SELECT `price` FROM ' . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$product_id);
            $total = $options->put($product_id, $plan, $price);
            if ($total !== null && !$plan->keeps && !isset($plan->columns['quantity'])) {
                $plan->columns['quantity'] = $total;
            }
        }
        $set = array('`date_modified` = NOW()');
        foreach ($plan->columns as $column => $value) {
            $set[] = '`' . $column . '` = ' . $this->db->quote((string)$value);
        }
        $this->db->run('UPDATE ' . $this->db->table('product') . ' SET ' . implode(', ', $set) . ' WHERE `product_id` = ' . (int)$product_id);
        $this->parts->put($product_id, $plan);
        $this->variants = array();
        if ($plan->variants) {
            $plan->stores = $plan->stores === null ? array(0) : $plan->stores;
            $variants = new VariantParts($this->bridge);
            $this->variants = $variants->put($product_id, $plan, $options);
            unset($plan->columns['quantity']);
        }
        $this->compare($product_id, $plan);
    }

    /** OpenCart's connection is not strict and cuts what does not fit; what was stored is therefore read back. */
    private function compare($product_id, ProductPlan $plan)
    {
        $row = $this->db->row('SELECT * FROM ' . $this->db->table('product') . ' WHERE `product_id` = ' . (int)$product_id);
        foreach ($plan->columns as $column => $value) {
            $same = is_int($value) ? (int)$row[$column] === $value : (string)$row[$column] === (string)$value;
            if (!$same) {
                throw Refusal::invalid($column, 'stored_differently', 'The shop keeps another value than was sent.', array('stored' => $row[$column]));
            }
        }
        foreach ($this->db->rows('SELECT `language_id`, `name` FROM ' . $this->db->table('product_description') . ' WHERE `product_id` = ' . (int)$product_id) as $row) {
            if (isset($plan->names[$row['language_id']]) && $plan->names[$row['language_id']] !== $row['name']) {
                throw Refusal::invalid('names', 'stored_differently', 'The shop keeps another value than was sent.', array('stored' => $row['name']));
            }
        }
    }
}
